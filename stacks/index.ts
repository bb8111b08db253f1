/**
 * The program that Pulumi runs: the configuration of one environment in, its resources out. The exported
 * function is called once per deployment; loading this file declares nothing.
 */
import { loadEnvironment } from "../config/load";
import { declareEnvironment } from "./environment";

export = () => declareEnvironment(loadEnvironment());
